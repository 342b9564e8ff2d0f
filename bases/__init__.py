"""The register of certified bases (创业孵化基地)."""
