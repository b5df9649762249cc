// A shopping cart: items, discounts and totals. Prices are in cents.

import { findProduct, reserveStock, releaseStock } from "./inventory.js";
import { formatPrice } from "./format.js";

export function createCart(customer) {
  return { customer, items: [], discounts: [], createdAt: Date.now() };
}

export function addItem(cart, productId, quantity = 1) {
  const product = findProduct(productId);
  if (!product) {
    throw new Error(`There is no product ${productId}`);
  }
  if (quantity < 1) {
    throw new Error(`The quantity must be at least 1, not ${quantity}`);
  }
  const existing = cart.items.find((item) => item.productId === productId);
  if (existing) {
    existing.quantity += quantity;
  } else {
    cart.items.push({ productId, quantity, price: product.price });
  }
  reserveStock(productId, quantity);
  return cart;
}

export function removeItem(cart, productId) {
  for (let i = 0; i < cart.items.length; i++) {
    const item = cart.items[i];
    if (item.productId === productId) {
      releaseStock(productId, item.quantity);
      cart.items.splice(i, 1);
      return item;
    }
  }
  return undefined;
}

export function changeQuantity(cart, productId, quantity) {
  const item = cart.items.find((item) => item.productId === productId);
  if (!item) {
    throw new Error(`There is no product ${productId} in the cart`);
  }
  const difference = quantity - item.quantity;
  if (difference > 0) {
    reserveStock(productId, difference);
  } else {
    releaseStock(productId, -difference);
  }
  item.quantity = quantity;
  return item;
}

export function addDiscount(cart, code, percent) {
  if (percent < 0 || percent > 100) {
    throw new Error(`The discount must be between 0 and 100 percent, not ${percent}`);
  }
  cart.discounts.push({ code, percent });
  return cart;
}

export function subtotal(cart) {
  let total = 0;
  for (let i = 0; i < cart.items.length; i++) {
    const item = cart.items[i];
    total += item.price * item.quantity;
  }
  return total;
}

export function discountTotal(cart) {
  let total = 0;
  for (let i = 0; i < cart.discounts.length; i++) {
    const discount = cart.discounts[i];
    total += (subtotal(cart) * discount.percent) / 100;
  }
  return Math.round(total);
}

export function total(cart) {
  return Math.max(0, subtotal(cart) - discountTotal(cart));
}

export function countItems(cart) {
  let count = 0;
  for (let i = 0; i < cart.items.length; i++) {
    count += cart.items[i].quantity;
  }
  return count;
}

export function describeCart(cart) {
  const lines = [];
  for (let i = 0; i < cart.items.length; i++) {
    const item = cart.items[i];
    const product = findProduct(item.productId);
    lines.push(`${item.quantity} × ${product.name}: ${formatPrice(item.price * item.quantity)}`);
  }
  lines.push(`Total: ${formatPrice(total(cart))}`);
  return lines.join("\n");
}
