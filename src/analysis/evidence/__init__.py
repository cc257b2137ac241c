"""Published figures, reference statistics and views of them: frames that know where each number is from."""
