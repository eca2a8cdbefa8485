/**
 * Metrics, observations, context and MDC of the jobs.
 */
@NullMarked
package io.backgroundjobs.observation;

import org.jspecify.annotations.NullMarked;
