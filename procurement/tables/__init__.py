"""The ledger's tables by subject: register, agreement, purchase, rollup, settlement, imports.

Each class says what a row is, where it comes from and what it lacks. Amounts are integers of
1/10000 yuan, unit prices of 10⁻⁶ yuan, factors and shares of 10⁻⁶ (procurement.money).
"""

from procurement.tables.agreement import AgreedVolume, Batch, Listing, Variety
from procurement.tables.imports import Import
from procurement.tables.purchase import MonthlyPurchase, Purchase
from procurement.tables.register import Institution, Product
from procurement.tables.rollup import InstitutionMonth, InstitutionYear, VarietyMonth
from procurement.tables.settlement import Assessment, PaymentRatio

__all__ = [
    "AgreedVolume",
    "Assessment",
    "Batch",
    "Import",
    "Institution",
    "InstitutionMonth",
    "InstitutionYear",
    "Listing",
    "MonthlyPurchase",
    "PaymentRatio",
    "Product",
    "Purchase",
    "Variety",
    "VarietyMonth",
]
