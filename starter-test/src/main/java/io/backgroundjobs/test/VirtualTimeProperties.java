package io.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What {@link AutoConfigureVirtualTime} says, or a property in its place.
 *
 * @param start what the wall clock shows when the application starts
 * @param idleTimeout how long to wait for jobs, in real time
 */
@ConfigurationProperties("background-jobs.test.virtual-time")
record VirtualTimeProperties(@DefaultValue("2026-01-01T00:00:00Z") Instant start,
		@DefaultValue("10s") Duration idleTimeout) {
}
