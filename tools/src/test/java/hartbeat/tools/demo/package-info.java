/** The demo's eyes, and the story of the pulled plug with real processes. */
@NullMarked
package hartbeat.tools.demo;

import org.jspecify.annotations.NullMarked;
