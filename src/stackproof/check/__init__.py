"""Static checks over what was found."""
