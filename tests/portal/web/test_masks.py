"""What may be shown of a person."""

import pytest

from portal.web import masks


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masks.mask_name, "张三", "张*"),
        (masks.mask_name, "阿卜杜拉·买买提", "阿*"),
        (masks.mask_name, "", ""),
        (masks.mask_phone, "13800001234", "138****1234"),
        (masks.mask_phone, "0851-00000012", "0851-******12"),
        (masks.mask_phone, "12333", "***33"),
        (masks.mask_id, "520102199001011234", "520*************34"),
        (masks.mask_account, "6222020200001234567", "***************4567"),
        (masks.mask_account, "123", "***"),
        (masks.mask_email, "zhang.san@example.cn", "z***@example.cn"),
    ],
)
def test_a_mask_shows_enough_to_know_ones_own(mask, value, shown) -> None:
    assert mask(value) == shown


def test_the_length_of_a_name_stays_unknown() -> None:
    assert masks.mask_name("张三") == masks.mask_name("张三丰丰")
