/**
 * The test finisher by which a guest switches itself off or resets itself.
 */
@NullMarked
package hartbeat.devices.syscon;

import org.jspecify.annotations.NullMarked;
