// The build takes a style that is imported out of the script.
declare module '*.css';
