import os
from pathlib import Path

from agents.models.wrapped import wrapped
from tests.examples.bank_support import Bank, Customer, support_agent

bank = Bank(Path(os.environ.get("BANK_LEDGER", "ledger.jsonl")))
agent = wrapped(support_agent, deps=lambda call: Customer(call.input["asked_by"], bank))
