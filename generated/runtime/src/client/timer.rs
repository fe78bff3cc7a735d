//! The wait between two attempts.

use std::{future::Future, time::Duration};

use super::transport::BoxFuture;

/// Waits between two attempts. Tests use one that returns at once.
pub trait Timer: Send + Sync + 'static {
    /// Completes after a duration.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;
}

/// A [`Timer`] as a trait object, so that the clients need no type parameter.
pub(super) trait DynTimer: Send + Sync {
    fn sleep_boxed(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

impl<T: Timer> DynTimer for T {
    fn sleep_boxed(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(self.sleep(duration))
    }
}

/// Waits on tokio's clock, which tests can pause. Needs the feature `tokio`, which `reqwest` enables.
///
/// # Panics
/// tokio panics when there is no runtime or its time driver is off.
#[cfg(feature = "tokio")]
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioTimer;

#[cfg(feature = "tokio")]
impl Timer for TokioTimer {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Puts the thread to sleep, for the blocking client.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadTimer;

impl Timer for ThreadTimer {
    async fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}
