/**
 * One auto-configuration per concern, the properties, the lifecycles and the failure
 * analyzers.
 */
@NullMarked
package io.backgroundjobs.autoconfigure;

import org.jspecify.annotations.NullMarked;
