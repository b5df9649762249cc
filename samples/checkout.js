// From the cart to the order: addresses, payment and the confirmation.

import { countItems, describeCart, total } from "./cart.js";
import { formatPrice } from "./format.js";

const shippingRates = [
  { limit: 1, price: 390 },
  { limit: 5, price: 590 },
  { limit: 20, price: 990 },
];

export function shippingPrice(cart) {
  const count = countItems(cart);
  for (let i = 0; i < shippingRates.length; i++) {
    const rate = shippingRates[i];
    if (count <= rate.limit) {
      return rate.price;
    }
  }
  return 0;
}

export function checkAddress(address) {
  const problems = [];
  if (!address.name) {
    problems.push("The name is missing");
  }
  if (!address.street) {
    problems.push("The street is missing");
  }
  if (!address.city) {
    problems.push("The city is missing");
  }
  if (!/^\d{5}$/.test(address.postalCode)) {
    problems.push(`The postal code must have five digits, not ${address.postalCode}`);
  }
  return problems;
}

export function createPayment(cart, method) {
  const amount = total(cart) + shippingPrice(cart);
  if (amount === 0) {
    throw new Error("There is nothing to pay for");
  }
  return { method, amount, status: "open", createdAt: Date.now() };
}

export function confirmPayment(payment) {
  if (payment.status !== "open") {
    throw new Error(`The payment is ${payment.status} and can't be confirmed`);
  }
  payment.status = "paid";
  return payment;
}

export function confirmation(cart, address, payment) {
  const lines = [];
  lines.push(`Thank you for your order, ${address.name}.`);
  lines.push("");
  lines.push(describeCart(cart));
  lines.push(`Shipping: ${formatPrice(shippingPrice(cart))}`);
  lines.push(`Paid: ${formatPrice(payment.amount)}`);
  lines.push("");
  lines.push(`We send it to ${address.street}, ${address.postalCode} ${address.city}.`);
  return lines.join("\n");
}
