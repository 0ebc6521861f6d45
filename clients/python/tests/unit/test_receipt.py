from __future__ import annotations

from pyorbited import ConnectionKey, Receipt

JACOB = ConnectionKey("jacob", "0", "/chat")


def test_a_receipt_is_true_if_all_were_reached() -> None:
    receipt = Receipt(7)
    assert receipt
    assert receipt.unreached == []
    assert repr(receipt) == "<Receipt 7: all reached>"


def test_a_receipt_is_false_and_names_those_who_were_not_reached() -> None:
    receipt = Receipt(7, [JACOB, ConnectionKey("a", "1", "/b")], "Failed")
    assert not receipt
    assert receipt.message == "Failed"
    assert repr(receipt) == "<Receipt 7: not reached: jacob, 0, /chat; a, 1, /b>"


def test_receipts_can_be_compared_and_counted() -> None:
    assert Receipt(7, [JACOB]) == Receipt(7, [JACOB]) != Receipt(7)
    assert len({Receipt(7), Receipt(7), Receipt(8)}) == 2
