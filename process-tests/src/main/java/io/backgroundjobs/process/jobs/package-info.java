/**
 * The application under test: takes jobs by HTTP and runs them in the background.
 */
@NullMarked
package io.backgroundjobs.process.jobs;

import org.jspecify.annotations.NullMarked;
