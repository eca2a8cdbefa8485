package io.backgroundjobs.test;

import java.time.Duration;
import java.time.ZoneId;
import java.util.*;
import org.junit.jupiter.api.Test;
import org.springframework.core.retry.RetryPolicy;
import io.backgroundjobs.*;
import io.backgroundjobs.engine.*;

class HangTests {
	@Test
	void hang() throws Exception {
		for (int i = 0; i < 1500; i++) {
			VirtualTime time = new VirtualTime();
			JobEngine engine = new JobEngineBuilder().clock(time).instance("node").build();
			time.watch(engine);
			engine.start();
			RetryPolicy policy = RetryPolicy.builder().maxRetries(1).delay(Duration.ofSeconds(5)).build();
			for (String name : List.of("a", "b", "c")) {
				engine.addPeriodic(PeriodicJobSpec.named(name).every(Duration.ofSeconds(5)), (job) -> {
					engine.spawn(JobOptions.named(name + "-later").delay(Duration.ofSeconds(5)), () -> {
					});
					return null;
				});
			}
			engine.addPeriodic(PeriodicJobSpec.named("d").fixedDelay(Duration.ofSeconds(5)).retry(policy), (job) -> {
				if (job.attempt() == 1) {
					throw new IllegalStateException("first attempt");
				}
				return null;
			});
			engine.addPeriodic(PeriodicJobSpec.named("e").cron("*/5 * * * * *", ZoneId.of("UTC")), () -> 1);
			time.advance(Duration.ofSeconds(60));
			Thread t = new Thread(engine::stop);
			String before = engine.jobs() + " " + engine.pools();
			t.start();
			t.join(4000);
			if (t.isAlive()) {
				System.out.println("HANG " + i + "\n before " + before + "\n now " + engine.jobs() + " " + engine.pools() + " idle " + engine.isIdle());
				Thread.getAllStackTraces().forEach((x, s) -> { if (x == t || x.getName().startsWith("background-jobs")) System.out.println(x + " " + Arrays.toString(s)); });
				java.lang.reflect.Field f = engine.getClass().getDeclaredField("venues"); f.setAccessible(true);
				for (Object v : (List<?>) f.get(engine)) {
					for (var c = v.getClass(); c != Object.class; c = c.getSuperclass())
						for (var ff : c.getDeclaredFields()) { ff.setAccessible(true); if (ff.getType() == int.class) System.out.println(v + " " + ff.getName() + "=" + ff.get(v)); }
				}
				throw new AssertionError("hang");
			}
		}
	}
}
