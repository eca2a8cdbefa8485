/**
 * The Actuator endpoint that shows and steers jobs, and their entries in Boot's own.
 */
@NullMarked
package io.backgroundjobs.actuate;

import org.jspecify.annotations.NullMarked;
