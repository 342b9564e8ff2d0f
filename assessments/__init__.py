"""Performance reviews, rectification and re-certification (绩效考核、整改、复评)."""
