//! Views: what the API shows of something, with the names beside the ids in it.

use bangfu_app::Names;

/// A view of something. It is rendered where names can be read, and again when those that it lacked are there.
pub trait Present<T: ?Sized> {
    /// How it is shown.
    fn of(it: &T, names: &mut Names) -> Self;
}

impl<T, V: Present<T>> Present<[T]> for Vec<V> {
    fn of(it: &[T], names: &mut Names) -> Self {
        it.iter().map(|it| V::of(it, names)).collect()
    }
}

impl<T, V: Present<T>> Present<Option<T>> for Option<V> {
    fn of(it: &Option<T>, names: &mut Names) -> Self {
        it.as_ref().map(|it| V::of(it, names))
    }
}
