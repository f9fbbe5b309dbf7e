"""Demo accounts: one for each role below Mường Sen, and one province officer of Lai Châu."""
