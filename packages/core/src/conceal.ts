/**
 * Makes an object that prints without its credentials: `JSON.stringify` and `util.inspect` (and so `console.log`) show
 * `[redacted]` for the named fields. The fields themselves can be read as always.
 */
export function concealed<Value extends object>(value: Value, fields: readonly (keyof Value)[]): Value {
  const printable = (): object => {
    const shown: Value = { ...value };
    for (const field of fields) shown[field] = '[redacted]' as Value[keyof Value];
    return shown;
  };
  Object.defineProperty(value, 'toJSON', { value: printable });
  Object.defineProperty(value, Symbol.for('nodejs.util.inspect.custom'), { value: printable });
  return Object.freeze(value);
}
