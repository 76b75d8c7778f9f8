/**
 * Joins the rooms: a machine from {@code devices}, back-ends from {@code devices.host}, a role from {@code ft}, links of
 * {@code tools.lan}, a terminal. The rule of this package: it connects and converts, it decides nothing about time, order or roles;
 * what the role's thread calls returns at once.
 */
@NullMarked
package hartbeat.tools.compose;

import org.jspecify.annotations.NullMarked;
