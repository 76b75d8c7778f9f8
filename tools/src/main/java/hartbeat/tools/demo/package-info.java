/**
 * The demo: starts switch, primary and backup as processes of their own, uses the guest from outside, takes one of them away, and
 * checks what the outside saw. The rule of this package: it knows the guest and the pair only as a stranger does, through the
 * network, the console and the status lines; a check is a value with its figure, never a log line.
 */
@NullMarked
package hartbeat.tools.demo;

import org.jspecify.annotations.NullMarked;
