/**
 * The same application on plain {@code @Async}; needs no class of Background Jobs.
 */
@NullMarked
package io.backgroundjobs.process.async;

import org.jspecify.annotations.NullMarked;
