"""Questions in English about the shop, each with the SQL that gives what is right."""

from typing import Any

import pytest

from agents.contract import Flag
from agents.data.querying import Database
from tests.agents.answering.shop import shop
from tests.agents.answering.talking import ask

EVERYTHING = "(orders JOIN products USING (product_id) JOIN customers USING (customer_id))"
# Each: a question, and a SELECT whose columns all have to be in the answer, in any order of rows.
COUNTS = [
    ("How many orders are there?", "SELECT count(*) FROM orders"),
    ("how many customers do we have", "SELECT count(*) FROM customers"),
    ("number of products", "SELECT count(*) FROM products"),
    ("How many different channels are there?", "SELECT count(DISTINCT channel) FROM orders"),
    ("how many countries do the customers come from", "SELECT count(DISTINCT country) FROM customers"),
    ("How many orders were placed by web?", "SELECT count(*) FROM orders WHERE channel = 'web'"),
    ("orders per channel", "SELECT channel, count(*) FROM orders GROUP BY 1"),
    ("How many customers are members?", "SELECT count(*) FROM customers WHERE is_member"),
    ("how many customers are not members", "SELECT count(*) FROM customers WHERE NOT is_member"),
    ("count orders without shipped on", "SELECT count(*) FROM orders WHERE shipped_on IS NULL"),
    ("How many missing values are there in shipped on?",
     "SELECT count(*) FROM orders WHERE shipped_on IS NULL"),
    ("How many Japanese customers are there?", "SELECT count(*) FROM customers WHERE country = 'Japan'"),
    ("how many products are in the category Games",
     "SELECT count(*) FROM products WHERE category = 'Games'"),
    ("How many customers are from France or Kenya?",
     "SELECT count(*) FROM customers WHERE country IN ('France', 'Kenya')"),
    ("how many orders are not from the shop channel",
     "SELECT count(*) FROM orders WHERE channel <> 'shop'"),
    ("How many orders have a quantity of 3?", "SELECT count(*) FROM orders WHERE quantity = 3"),
    ("how many orders did Customer B place",
     "SELECT count(*) FROM everything WHERE name = 'Customer B'"),
]  # fmt: skip
AGGREGATES = [
    ("What is the average price of the products?", "SELECT avg(price) FROM products"),
    ("total revenue", "SELECT sum(revenue) FROM orders"),
    ("What's the total revenue from the web channel?",
     "SELECT sum(revenue) FROM orders WHERE channel = 'web'"),
    ("median revenue by channel", "SELECT channel, median(revenue) FROM orders GROUP BY 1"),
    ("what was the largest revenue of all", "SELECT max(revenue) FROM orders"),
    ("minimum and maximum price", "SELECT min(price), max(price) FROM products"),
    ("standard deviation of price", "SELECT stddev_samp(price) FROM products"),
    ("average revenue and quantity per channel",
     "SELECT channel, avg(revenue), avg(quantity) FROM orders GROUP BY 1"),
    ("total revenue by category", "SELECT category, sum(revenue) FROM everything GROUP BY 1"),
    ("total revenue by customer country", "SELECT country, sum(revenue) FROM everything GROUP BY 1"),
    ("Average revenue for each country and channel",
     "SELECT country, channel, avg(revenue) FROM everything GROUP BY 1, 2"),
    ("How much revenue did Books make?", "SELECT sum(revenue) FROM everything WHERE category = 'Books'"),
    ("average weight of products", "SELECT avg(weight_kg) FROM products"),
    ("average number of orders per customer",
     "SELECT avg(n) FROM (SELECT count(*) n FROM orders GROUP BY customer_id)"),
    ("average orders per channel",
     "SELECT avg(n) FROM (SELECT count(*) n FROM orders GROUP BY channel)"),
]  # fmt: skip
CONDITIONS = [
    ("how many orders have a revenue over 100", "SELECT count(*) FROM orders WHERE revenue > 100"),
    ("How many products cost at least 20?", "SELECT count(*) FROM products WHERE price >= 20"),
    ("how many products weigh more than 1 kg", "SELECT count(*) FROM products WHERE weight_kg > 1"),
    ("how many products weigh less than 1500 grams",
     "SELECT count(*) FROM products WHERE weight_kg < 1.5"),
    ("how many orders have revenue between 50 and 100",
     "SELECT count(*) FROM orders WHERE revenue BETWEEN 50 AND 100"),
    ("number of products cheaper than 15", "SELECT count(*) FROM products WHERE price < 15"),
    ("how many products have a price above average",
     "SELECT count(*) FROM products WHERE price > (SELECT avg(price) FROM products)"),
    ("products heavier than 2 kg", "SELECT product_id, title FROM products WHERE weight_kg > 2"),
    ("customers with more than 19 orders",
     "SELECT customer_id FROM orders GROUP BY 1 HAVING count(*) > 19"),
    ("How many customers have at least 20 orders?",
     "SELECT count(*) FROM (SELECT 1 FROM orders GROUP BY customer_id HAVING count(*) >= 20)"),
    ("categories with an average price above 20",
     "SELECT category FROM products GROUP BY 1 HAVING avg(price) > 20"),
]  # fmt: skip
DATES = [
    ("how many customers joined in 2020", "SELECT count(*) FROM customers WHERE year(joined) = 2020"),
    ("How many customers joined before 2021?", "SELECT count(*) FROM customers WHERE joined < '2021-01-01'"),
    ("number of customers who joined between March 2020 and August 2020",
     "SELECT count(*) FROM customers WHERE joined BETWEEN '2020-03-01' AND '2020-08-31'"),
    ("how many customers joined since June 2020", "SELECT count(*) FROM customers WHERE joined >= '2020-06-01'"),
    ("customers joined per year", "SELECT count(*) FROM customers GROUP BY year(joined)"),
    ("revenue ordered in March 2023",
     "SELECT sum(revenue) FROM orders WHERE ordered_on BETWEEN '2023-03-01' AND '2023-03-31'"),
    ("total revenue ordered in Q2 2023",
     "SELECT sum(revenue) FROM orders WHERE ordered_on BETWEEN '2023-04-01' AND '2023-06-30'"),
    ("how many orders were shipped in 2024", "SELECT count(*) FROM orders WHERE year(shipped_on) = 2024"),
    ("total revenue in the last 30 days",
     "SELECT sum(revenue) FROM orders WHERE ordered_on > (SELECT max(ordered_on) - 30 FROM orders)"),
    ("how many orders were there in the last month of the data",
     "SELECT count(*) FROM orders WHERE date_trunc('month', ordered_on) = "
     "(SELECT date_trunc('month', max(ordered_on)) FROM orders)"),
    ("when did the first customer join?", "SELECT min(joined) FROM customers"),
]  # fmt: skip
RANKS = [
    ("Which channel has the most orders?",
     "SELECT channel FROM orders GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"),
    ("which product is the most expensive", "SELECT title, price FROM products ORDER BY price DESC LIMIT 1"),
    ("cheapest product", "SELECT title, price FROM products ORDER BY price LIMIT 1"),
    ("What are the 3 heaviest products?", "SELECT title, weight_kg FROM products ORDER BY 2 DESC LIMIT 3"),
    ("top 3 countries by total revenue",
     "SELECT country, sum(revenue) FROM everything GROUP BY 1 ORDER BY 2 DESC LIMIT 3"),
    ("which category has the lowest total revenue",
     "SELECT category, sum(revenue) FROM everything GROUP BY 1 ORDER BY 2 LIMIT 1"),
    ("second most expensive product", "SELECT title FROM products ORDER BY price DESC LIMIT 1 OFFSET 1"),
    ("the country with the fewest customers",
     "SELECT country, count(*) FROM customers GROUP BY 1 ORDER BY 2 LIMIT 1"),
    ("What is the most common country among the customers?",
     "SELECT country, count(*) FROM customers GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"),
    ("newest customer", "SELECT name, joined FROM customers ORDER BY joined DESC LIMIT 1"),
]  # fmt: skip
RELATIONS = [
    ("what share of the orders came from the web?",
     "SELECT 100.0 * count(*) FILTER (channel = 'web') / count(*) FROM orders"),
    ("percentage of customers from Japan",
     "SELECT 100.0 * count(*) FILTER (country = 'Japan') / count(*) FROM customers"),
    ("share of revenue by channel",
     "SELECT channel, 100.0 * sum(revenue) / (SELECT sum(revenue) FROM orders) FROM orders GROUP BY 1"),
    ("is price correlated with weight?", "SELECT corr(price, weight_kg) FROM products"),
    ("compare the average revenue of web and phone orders",
     "SELECT channel, avg(revenue) FROM orders WHERE channel IN ('web', 'phone') GROUP BY 1"),
    ("compare total revenue between France and Japan",
     "SELECT country, sum(revenue) FROM everything WHERE country IN ('France', 'Japan') GROUP BY 1"),
    ("distribution of channels", "SELECT channel, count(*) FROM orders GROUP BY 1"),
    ("Which countries have members?", "SELECT DISTINCT country FROM customers WHERE is_member"),
    ("list the titles of products in Tools", "SELECT title FROM products WHERE category = 'Tools'"),
]  # fmt: skip


def expected(sql: str) -> list[list[Any]]:
    with Database.open(shop().folder, Flag()) as database:
        joined = sql.replace("everything", EVERYTHING)
        return [list(row) for row in database.select(joined, most_rows=1000).rows]


def same(cell: Any, other: Any) -> bool:
    if isinstance(cell, int | float) and isinstance(other, int | float):
        return abs(cell - other) <= 1e-9 * max(1, abs(cell))
    return bool(cell == other)


def holds(gold: list[list[Any]], rows: list[list[Any]]) -> bool:
    """Whether each row of the answer has the cells of another one of the right rows."""
    left = list(gold)
    for row in rows:
        match = next(
            (one for one in left if all(any(same(cell, told) for told in row) for cell in one)),
            None,
        )
        if match is None:
            return False
        left.remove(match)
    return not left


@pytest.mark.parametrize(
    ("question", "sql"), [*COUNTS, *AGGREGATES, *CONDITIONS, *DATES, *RANKS, *RELATIONS]
)
def test_the_answer_has_the_right_rows(question: str, sql: str) -> None:
    heard = ask(question)
    assert heard.reply.status == "answered", heard.reply.text
    assert holds(expected(sql), heard.rows), heard.reply.query


def test_the_comparison_of_rows_tells_right_from_wrong() -> None:
    assert holds([["web", 2]], [["x", "web", 2.0]])
    assert not holds([["web", 2]], [["web", 3]])
    assert not holds([["web", 2], ["shop", 1]], [["web", 2]])


@pytest.mark.parametrize(
    "question",
    [
        "How many refunds were there?",
        "Which customer is the happiest?",
        "What will the revenue be next year?",
        "Why did revenue fall in May?",
        "average shoe size of customers",
        "how many orders were returned by customers in Atlantis",
        "Should prices go up?",
        "total profit by channel",
        "number of orders in Germany",
        "which product is the best",
    ],
)
def test_what_the_data_cannot_tell_is_declined(question: str) -> None:
    assert ask(question).reply.status == "declined"
