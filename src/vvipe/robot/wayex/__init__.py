"""WayEx: learning from one demonstration without actions (Levy et al., arXiv 2407.15849)."""
