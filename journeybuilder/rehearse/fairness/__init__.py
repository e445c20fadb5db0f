"""Twins that differ in one attribute, and what they say of bias."""
