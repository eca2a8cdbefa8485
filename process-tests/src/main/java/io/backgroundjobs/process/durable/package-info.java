/**
 * An application that keeps jobs in a database, for several instances on one.
 */
@NullMarked
package io.backgroundjobs.process.durable;

import org.jspecify.annotations.NullMarked;
