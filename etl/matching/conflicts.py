"""What makes it wrong to join a provisional product to a registered one, each in a sentence."""

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from etl.matching.catalogue import Entry
from procurement.language import N_, _
from procurement.tables import AgreedVolume, Batch, Listing
from procurement.tables.agreement import SELECTED_STATUSES


class MatchRefused(Exception):
    """A decision that cannot be taken; its text says why, in the reader's language."""


TARGET_PROVISIONAL = N_("“{product}”也是无编码产品，只能对应到有编码的产品。")
MERGED_ALREADY = N_("“{provisional}”已对应到另一个产品，请先撤回那一决定。")
PACKS_DIFFER = N_("“{provisional}”每盒 {own}，“{product}”每盒 {other}，包装不同，不是同一产品。")
STATUS_DIFFERS = N_(
    "批次“{batch}”中“{provisional}”与“{product}”一个中选、一个未中选，不能合并。请先核对中选结果和同品种产品表。"
)
VOLUMES_CLASH = N_(
    "“{provisional}”与“{product}”在同一机构、同一协议年度都有约定采购量，合并会丢失其中之一。请先核对约定采购量表。"
)


def check_confirm(connection: Connection, provisional: Entry, product: Entry) -> None:
    """Raise MatchRefused where joining the two would be wrong."""
    words = {"provisional": provisional.code, "product": product.code}
    if product.is_provisional:
        raise MatchRefused(_(TARGET_PROVISIONAL).format(**words))
    if provisional.merged_into is not None:
        raise MatchRefused(_(MERGED_ALREADY).format(**words))
    own, other = provisional.words.pack, product.words.pack
    if own and other and own != other:
        raise MatchRefused(_(PACKS_DIFFER).format(own=own, other=other, **words))
    if batch := _batch_of_other_status(connection, provisional.id, product.id):
        raise MatchRefused(_(STATUS_DIFFERS).format(batch=batch, **words))
    if _share_a_volume(connection, provisional.id, product.id):
        raise MatchRefused(_(VOLUMES_CLASH).format(**words))


def _batch_of_other_status(connection: Connection, provisional_id: int, product_id: int) -> str | None:
    """A batch that lists one as selected and the other not, at the same time."""
    one, other = aliased(Listing), aliased(Listing)
    query = (
        select(col(Batch.name))
        .join(one, col(one.batch_id) == col(Batch.id))
        .join(other, col(other.batch_id) == col(one.batch_id))
        .where(
            col(one.product_id) == provisional_id,
            col(other.product_id) == product_id,
            col(one.starts_on) <= col(other.ends_on),
            col(other.starts_on) <= col(one.ends_on),
            col(one.status).in_(SELECTED_STATUSES) != col(other.status).in_(SELECTED_STATUSES),
        )
    )
    return connection.execute(query.limit(1)).scalar()


def _share_a_volume(connection: Connection, provisional_id: int, product_id: int) -> bool:
    one, other = aliased(AgreedVolume), aliased(AgreedVolume)
    query = (
        select(col(one.id))
        .join(
            other,
            (col(other.institution_id) == col(one.institution_id))
            & (col(other.variety_id) == col(one.variety_id))
            & (col(other.agreement_year) == col(one.agreement_year)),
        )
        .where(col(one.product_id) == provisional_id, col(other.product_id) == product_id)
    )
    return connection.execute(query.limit(1)).first() is not None
