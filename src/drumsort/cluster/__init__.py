"""Many machines: workers that Ray runs (``machines``), and results as Parquet (``parts``)."""
