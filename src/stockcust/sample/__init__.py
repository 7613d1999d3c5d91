"""A generated bank with planted effects and churn causes; shares no code with the analysis."""

from stockcust.sample.bank import SampleBank, generate
from stockcust.sample.write import write_sample

__all__ = ["SampleBank", "generate", "write_sample"]
