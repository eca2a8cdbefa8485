/**
 * Jobs that are kept in the application's database, on db-scheduler.
 */
@NullMarked
package io.backgroundjobs.durable;

import org.jspecify.annotations.NullMarked;
