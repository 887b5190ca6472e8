"""The JSON that is sent: an order as shops exchange it, alone and in batches."""
import json
import random

_random = random.Random(20240607)


def _text(least, most):
    return "".join(_random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(_random.randint(least, most)))


def _words(count):
    return " ".join(_text(3, 9) for _ in range(count))


def _price(most):
    return _random.randint(101, most * 100) / 100


def _order(lines):
    return {
        "id": "ord_" + _text(18, 22), "customerNumber": str(_random.randint(100000, 2000000000)),
        "email": _text(5, 12) + "@example.com", "currency": "USD",
        "shipTo": {"street": _words(2) + " 7", "city": "Zürich", "postalCode": str(_random.randint(10000, 99999)),
                   "country": "CH"},
        "lines": [{"sku": f"sku-{_random.randint(1000, 9999999)}", "title": _words(3),
                   "quantity": _random.randint(1, 12), "unitPrice": _price(500)} for _ in range(lines)],
        "total": _price(9000), "tags": [_text(4, 10), _text(4, 10)], "paid": True}


def _encode(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


TINY = _encode({"name": "anna", "count": 7})
ORDER = _encode(_order(6))                                           # 1 KB
BATCH = _encode({"orders": [_order(6) for _ in range(72)]})          # 70 KB
SMALL_MESSAGE = _encode({"orders": [_order(3)]})                     # about 476 bytes on the wire
LARGE_MESSAGE = _encode({"orders": [_order(6) for _ in range(33)]})  # 26 KB
