// The products that are for sale, and how many of each are in stock.

const products = new Map();

export function addProduct(id, name, price, stock = 0) {
  if (products.has(id)) {
    throw new Error(`There is a product ${id} already`);
  }
  const product = { id, name, price, stock, reserved: 0 };
  products.set(id, product);
  return product;
}

export function findProduct(id) {
  return products.get(id);
}

export function listProducts() {
  return [...products.values()].sort((a, b) => a.name.localeCompare(b.name));
}

export function availableStock(id) {
  const product = products.get(id);
  if (!product) {
    return 0;
  }
  return product.stock - product.reserved;
}

export function reserveStock(id, quantity) {
  const product = products.get(id);
  if (!product) {
    throw new Error(`There is no product ${id}`);
  }
  if (availableStock(id) < quantity) {
    throw new Error(`There are only ${availableStock(id)} of ${product.name} in stock, not ${quantity}`);
  }
  product.reserved += quantity;
  return product;
}

export function releaseStock(id, quantity) {
  const product = products.get(id);
  if (!product) {
    throw new Error(`There is no product ${id}`);
  }
  product.reserved = Math.max(0, product.reserved - quantity);
  return product;
}

export function restock(id, quantity) {
  const product = products.get(id);
  if (!product) {
    throw new Error(`There is no product ${id}`);
  }
  if (quantity < 1) {
    throw new Error(`The quantity must be at least 1, not ${quantity}`);
  }
  product.stock += quantity;
  return product;
}

export function lowStock(limit = 5) {
  const low = [];
  for (const product of products.values()) {
    if (availableStock(product.id) < limit) {
      low.push(product);
    }
  }
  return low;
}

export function stockValue() {
  let total = 0;
  for (const product of products.values()) {
    total += product.price * product.stock;
  }
  return total;
}
