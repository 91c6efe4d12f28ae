"""The ledger's tables by subject: register, agreement, purchase, rollup, policy, settlement,
sharing, imports, reporting, people.

Each class says what a row is, where it comes from and what it lacks. Amounts are integers of
1/10000 yuan, unit prices of 10⁻⁶ yuan, factors and shares of 10⁻⁶ (procurement.money).
"""

from procurement.tables.agreement import AgreedVolume, AreaVolume, Batch, Listing, Variety
from procurement.tables.imports import HeadingMapping, Import, ImportChange, ImportCoverage
from procurement.tables.people import Account, AccountScope, AuditEvent, SignIn, SignInAttempt
from procurement.tables.policy import PolicyEntry
from procurement.tables.purchase import MonthlyPurchase, Purchase, WithdrawnPurchase
from procurement.tables.register import Institution, Product, ProductMatch
from procurement.tables.reporting import MonthStep, SettlementReply, ShortfallReason
from procurement.tables.rollup import InstitutionMonth, InstitutionYear, VarietyMonth
from procurement.tables.settlement import (
    Assessment,
    EarlierDraft,
    PaymentRatio,
    Settlement,
    SettlementStep,
)
from procurement.tables.sharing import SharingAccount

__all__ = [
    "Account",
    "AccountScope",
    "AgreedVolume",
    "AreaVolume",
    "Assessment",
    "AuditEvent",
    "Batch",
    "EarlierDraft",
    "HeadingMapping",
    "Import",
    "ImportChange",
    "ImportCoverage",
    "Institution",
    "InstitutionMonth",
    "InstitutionYear",
    "Listing",
    "MonthStep",
    "MonthlyPurchase",
    "PaymentRatio",
    "PolicyEntry",
    "Product",
    "ProductMatch",
    "Purchase",
    "Settlement",
    "SettlementReply",
    "SettlementStep",
    "SharingAccount",
    "ShortfallReason",
    "SignIn",
    "SignInAttempt",
    "Variety",
    "VarietyMonth",
    "WithdrawnPurchase",
]
