"""Files that nobody uploads in good faith: each made when it is needed, none of them kept."""
