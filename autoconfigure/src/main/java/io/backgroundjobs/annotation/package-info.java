/**
 * Finds the annotated beans and turns them into jobs, and holds the advice of the
 * annotations.
 */
@NullMarked
package io.backgroundjobs.annotation;

import org.jspecify.annotations.NullMarked;
