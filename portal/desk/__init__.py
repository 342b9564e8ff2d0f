"""The officer's worklist and the operator's home: composition above all cases."""
