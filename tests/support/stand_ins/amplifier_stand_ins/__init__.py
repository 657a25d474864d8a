"""Two orchestrators, a context and a tool that meet a provider as the stock modules do (docs/contract.md)."""
