/**
 * Tests of what the figures go through on their way into the documentation.
 */
@NullMarked
package io.backgroundjobs.benchmarks;

import org.jspecify.annotations.NullMarked;
