import Mixing
