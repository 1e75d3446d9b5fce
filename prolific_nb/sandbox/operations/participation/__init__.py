"""People who take part in a study by a link: their places, their time, their answers, and the pages that they see."""
