// Orders: a cart that has been paid for, and what happens to it until it arrives.

import { formatDate, formatPrice } from "./format";

export type OrderStatus = "open" | "paid" | "packed" | "shipped" | "delivered" | "cancelled";

export interface OrderItem {
  readonly productId: string;
  readonly quantity: number;
  readonly price: number;
}

export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly items: readonly OrderItem[];
  readonly createdAt: Date;
  status: OrderStatus;
}

const orders = new Map<string, Order>();

const nextStatus: Record<OrderStatus, OrderStatus | undefined> = {
  open: "paid",
  paid: "packed",
  packed: "shipped",
  shipped: "delivered",
  delivered: undefined,
  cancelled: undefined,
};

export function createOrder(id: string, customer: string, items: readonly OrderItem[]): Order {
  if (orders.has(id)) {
    throw new Error(`There is an order ${id} already`);
  }
  if (items.length === 0) {
    throw new Error(`The order ${id} has no items`);
  }
  const order: Order = { id, customer, items, createdAt: new Date(), status: "open" };
  orders.set(id, order);
  return order;
}

export function findOrder(id: string): Order | undefined {
  return orders.get(id);
}

export function advanceOrder(id: string): Order {
  const order = orders.get(id);
  if (!order) {
    throw new Error(`There is no order ${id}`);
  }
  const next = nextStatus[order.status];
  if (!next) {
    throw new Error(`The order ${id} is ${order.status} and can't be advanced`);
  }
  order.status = next;
  return order;
}

export function cancelOrder(id: string): Order {
  const order = orders.get(id);
  if (!order) {
    throw new Error(`There is no order ${id}`);
  }
  if (order.status === "shipped" || order.status === "delivered") {
    throw new Error(`The order ${id} is ${order.status} and can't be cancelled`);
  }
  order.status = "cancelled";
  return order;
}

export function orderTotal(order: Order): number {
  let total = 0;
  for (let i = 0; i < order.items.length; i++) {
    const item = order.items[i];
    total += item.price * item.quantity;
  }
  return total;
}

export function ordersOf(customer: string): Order[] {
  return [...orders.values()].filter((order) => order.customer === customer);
}

export function ordersWith(status: OrderStatus): Order[] {
  return [...orders.values()].filter((order) => order.status === status);
}

export function revenue(from: Date, to: Date): number {
  let total = 0;
  for (const order of orders.values()) {
    if (order.status === "cancelled" || order.createdAt < from || order.createdAt > to) {
      continue;
    }
    total += orderTotal(order);
  }
  return total;
}

export function describeOrder(order: Order): string {
  const lines = [`Order ${order.id} of ${formatDate(order.createdAt)}: ${order.status}`];
  for (let i = 0; i < order.items.length; i++) {
    const item = order.items[i];
    lines.push(`${item.quantity} × ${item.productId}: ${formatPrice(item.price * item.quantity)}`);
  }
  lines.push(`Total: ${formatPrice(orderTotal(order))}`);
  return lines.join("\n");
}
