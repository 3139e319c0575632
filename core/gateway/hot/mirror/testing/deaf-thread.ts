// A mirror thread that never says a word.
setInterval(() => {}, 1_000);
