/**
 * Benchmarks of the engine.
 */
@NullMarked
package io.backgroundjobs.engine;

import org.jspecify.annotations.NullMarked;
