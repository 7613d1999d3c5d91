"""Every word that a reader sees outside the rulebook, in Chinese and English."""

from stockcust.present.texts.lookup import LANGUAGES, Texts

__all__ = ["LANGUAGES", "Texts"]
