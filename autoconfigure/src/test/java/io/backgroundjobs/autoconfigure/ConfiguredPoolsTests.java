package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.PoolThreads;
import io.backgroundjobs.autoconfigure.BackgroundJobProperties.Pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConfiguredPoolsTests {

	@Test
	void defaultPoolIsAlwaysThere() {
		assertThat(pools(List.of(), Map.of())).containsExactly(PoolSpec.named("default"));
	}

	@Test
	void propertiesWinOverTheBeanAttributeByAttribute() {
		PoolSpec bean = PoolSpec.named("mail").withLimit(3).withPendingLimit(7).withTimeout(Duration.ofSeconds(9));
		assertThat(pools(List.of(bean), Map.of("mail", limit(5)))).contains(bean.withLimit(5));
	}

	@Test
	void everyAttributeIsApplied() {
		Pool pool = new Pool(5, 0, OverflowPolicy.BLOCK, Duration.ofSeconds(1), "30s", PoolThreads.PLATFORM);
		assertThat(pools(List.of(), Map.of("mail", pool))).contains(new PoolSpec("mail", 5, 0, OverflowPolicy.BLOCK,
				Duration.ofSeconds(1), Duration.ofSeconds(30), PoolThreads.PLATFORM));
	}

	@Test
	void overflowIsApplied() {
		Pool pool = new Pool(null, null, OverflowPolicy.REJECT, null, null, null);
		assertThat(pools(List.of(), Map.of("mail", pool)))
			.contains(PoolSpec.named("mail").withOverflow(OverflowPolicy.REJECT));
	}

	@Test
	void noneSwitchesTheTimeoutOfTheBeanOff() {
		PoolSpec bean = PoolSpec.named("mail").withTimeout(Duration.ofSeconds(9));
		assertThat(pools(List.of(bean), Map.of("mail", timeout("none")))).contains(PoolSpec.named("mail"));
	}

	@Test
	void nameThatAVariableHasTakenTheDashesFromIsFound() {
		assertThat(pools(List.of(PoolSpec.named("image-work")), Map.of("imagework", limit(5))))
			.contains(PoolSpec.named("image-work").withLimit(5))
			.hasSize(2);
		assertThat(pools(List.of(), Map.of("imagework", limit(5), "image-work", limit(6))))
			.contains(PoolSpec.named("image-work").withLimit(6))
			.hasSize(2);
	}

	@Test
	void badValuesAreRefusedWithTheNameOfTheProperty() {
		assertRefused(limit(0), "background-jobs.pools.mail.limit", "'0'");
		assertRefused(new Pool(null, -1, null, null, null, null), "background-jobs.pools.mail.pending-limit", "'-1'");
		assertRefused(new Pool(null, null, null, Duration.ZERO, null, null),
				"background-jobs.pools.mail.overflow-timeout", "'0s'");
		assertRefused(new Pool(null, null, OverflowPolicy.CALLER_RUNS, Duration.ofSeconds(3), null, null),
				"background-jobs.pools.mail.overflow-timeout", "'3s'");
		assertRefused(timeout("30"), "background-jobs.pools.mail.timeout", "'30'");
		assertRefused(timeout("-1s"), "background-jobs.pools.mail.timeout", "'-1s'");
		assertRefused(timeout("never"), "background-jobs.pools.mail.timeout", "'never'");
	}

	@Test
	void badNameIsRefused() {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> pools(List.of(), Map.of("Mail", limit(1))))
			.withMessageContaining("background-jobs.pools.Mail")
			.satisfies((ex) -> assertThat(ex.action()).contains("lower-case"));
	}

	@Test
	void twoBeansOfOneNameAreRefused() {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> pools(List.of(PoolSpec.named("mail"), PoolSpec.named("mail")), Map.of()))
			.withMessageContaining("Two beans declare the pool 'mail'");
	}

	private static void assertRefused(Pool pool, String property, String value) {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> pools(List.of(), Map.of("mail", pool)))
			.withMessageContaining(property)
			.withMessageContaining(value)
			.satisfies((ex) -> assertThat(ex.action()).isNotBlank());
	}

	private static Iterable<PoolSpec> pools(List<PoolSpec> beans, Map<String, Pool> properties) {
		return new ConfiguredPools(beans, properties).specs();
	}

	private static Pool limit(int limit) {
		return new Pool(limit, null, null, null, null, null);
	}

	private static Pool timeout(@Nullable String timeout) {
		return new Pool(null, null, null, null, timeout, null);
	}

}
