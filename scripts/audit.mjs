/**
 * Known faults in what the packages and the examples install. A registry that cannot be asked is not a fault of ours and
 * not an "all clear" either: it ends with NOT_CHECKED, which CI shows for what it is.
 */
import { pnpm } from './pnpm.mjs';

/** EX_TEMPFAIL of sysexits(3). */
const NOT_CHECKED = 75;

/** What pnpm says when it got no usable answer. */
const UNREACHABLE =
  /AUDIT_BAD_RESPONSE|AUDIT_ENDPOINT|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|error sending request/;

try {
  console.log(await pnpm(['audit', '--prod'], { quiet: true }));
} catch (error) {
  const { message } = /** @type {Error} */ (error);
  console.error(message);
  if (UNREACHABLE.test(message)) {
    console.error(
      '\n!!! NOT CHECKED: the registry answers no question about known faults. Run this where it does. !!!',
    );
    process.exitCode = NOT_CHECKED;
  } else {
    process.exitCode = 1;
  }
}
