/**
 * Setup of every test under mutation: what a test measures takes no time. A busy machine would otherwise kill mutants that
 * no test notices.
 */
performance.now = () => 0;
