package io.backgroundjobs.observation;

import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.PoolSnapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class PoolMetersTests {

	private final BackgroundJobScheduler scheduler = mock();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void gaugesShowEachPoolAsItIs() {
		given(this.scheduler.pools()).willReturn(List.of(snapshot("default", 1), snapshot("mail", 2)));
		new PoolMeters(this.scheduler).bindTo(this.registry);
		given(this.scheduler.pools()).willReturn(List.of(snapshot("default", 3), snapshot("mail", 4)));
		assertThat(gauge("active", "mail")).isEqualTo(4);
		assertThat(gauge("pending", "mail")).isEqualTo(5);
		assertThat(gauge("limit", "mail")).isEqualTo(6);
		assertThat(gauge("active", "default")).isEqualTo(3);
	}

	private double gauge(String meter, String pool) {
		return this.registry.get("background.jobs." + meter).tag("pool", pool).gauge().value();
	}

	private static PoolSnapshot snapshot(String name, int active) {
		return new PoolSnapshot(name, active + 2, active, active + 1, 100, 0, 0, false);
	}

}
