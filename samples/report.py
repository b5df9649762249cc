"""Monthly reports of the shop: revenue, best sellers and customers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date


@dataclass
class Item:
    product_id: str
    quantity: int
    price: int


@dataclass
class Order:
    order_id: str
    customer: str
    created_at: date
    status: str = "open"
    items: list[Item] = field(default_factory=list)

    def total(self) -> int:
        total = 0
        for item in self.items:
            total += item.price * item.quantity
        return total

    def count(self) -> int:
        count = 0
        for item in self.items:
            count += item.quantity
        return count


class Report:
    """What happened in one month."""

    def __init__(self, orders: list[Order], year: int, month: int) -> None:
        self.year = year
        self.month = month
        self.orders = []
        for order in orders:
            if order.created_at.year == year and order.created_at.month == month:
                self.orders.append(order)

    def revenue(self) -> int:
        total = 0
        for order in self.orders:
            if order.status != "cancelled":
                total += order.total()
        return total

    def best_sellers(self, limit: int = 10) -> list[tuple[str, int]]:
        counts: dict[str, int] = defaultdict(int)
        for order in self.orders:
            for item in order.items:
                counts[item.product_id] += item.quantity
        ranked = sorted(counts.items(), key=lambda entry: entry[1], reverse=True)
        return ranked[:limit]

    def best_customers(self, limit: int = 10) -> list[tuple[str, int]]:
        totals: dict[str, int] = defaultdict(int)
        for order in self.orders:
            totals[order.customer] += order.total()
        ranked = sorted(totals.items(), key=lambda entry: entry[1], reverse=True)
        return ranked[:limit]

    def average_order(self) -> float:
        if not self.orders:
            return 0.0
        return self.revenue() / len(self.orders)

    def cancelled_share(self) -> float:
        if not self.orders:
            return 0.0
        cancelled = 0
        for order in self.orders:
            if order.status == "cancelled":
                cancelled += 1
        return cancelled / len(self.orders)

    def describe(self) -> str:
        lines = [f"Report for {self.year}-{self.month:02d}"]
        lines.append(f"Orders: {len(self.orders)}")
        lines.append(f"Revenue: {format_price(self.revenue())}")
        lines.append(f"Average order: {format_price(round(self.average_order()))}")
        for product_id, count in self.best_sellers(5):
            lines.append(f"  {count} × {product_id}")
        return "\n".join(lines)


def format_price(cents: int) -> str:
    """Cents as a price: 1250 is "12.50 EUR"."""
    return f"{cents / 100:.2f} EUR"


def load_orders(rows: list[dict[str, str]]) -> list[Order]:
    """Orders from rows of a table, one row an item."""
    orders: dict[str, Order] = {}
    for row in rows:
        order_id = row["order_id"]
        if order_id not in orders:
            orders[order_id] = Order(
                order_id=order_id,
                customer=row["customer"],
                created_at=date.fromisoformat(row["created_at"]),
                status=row["status"],
            )
        item = Item(
            product_id=row["product_id"],
            quantity=int(row["quantity"]),
            price=int(row["price"]),
        )
        orders[order_id].items.append(item)
    return list(orders.values())
